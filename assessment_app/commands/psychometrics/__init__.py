"""The command line of psychometricians: the engine that scores people, with files in and files out.

The files are CSV tables that R, Python and spreadsheets read and write; `docs/operations.md` shows each command.
Exit codes: 0 fine, 2 something was refused, 3 a calibration did not converge.
"""
