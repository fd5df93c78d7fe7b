"""What the simulators share: clock, certificate, faults, control plane, command line."""
