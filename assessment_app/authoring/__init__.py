"""Item authors and psychometricians: pages of the vault server only."""
