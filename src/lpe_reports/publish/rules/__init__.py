"""The gate's rules: each looks at one document and counts what must not leave."""
