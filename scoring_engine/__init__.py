"""The arithmetic of the assessment: arrays in, arrays out, no clock, no chance, no storage."""

ENGINE_VERSION = "2.1.0"
