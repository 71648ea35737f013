"""What lies on the disk: nights, their parts and manifests, stored waiting lists, held nights."""
