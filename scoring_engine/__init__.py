"""The arithmetic of the assessment: arrays in, arrays out, no clock, no chance, no storage."""

ENGINE_VERSION = "1.0.0"
