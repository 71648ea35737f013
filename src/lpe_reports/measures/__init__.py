"""Pure arithmetic: frames in, a frame out; no files, no clock, no display."""
