"""Calibration: item parameters from response data, their errors, their fit, and one scale for several samples."""
