"""Faults: what can happen to the processes, disks, files and clocks around a library, done to it on purpose."""
