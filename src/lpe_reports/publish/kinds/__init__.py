"""The kinds of file that the gate can read: each reader takes bytes and gives what they say."""
