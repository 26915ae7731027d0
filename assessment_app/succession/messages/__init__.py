"""What comes in from the pages of succession (``forms``), their words (``words``), and the files that go out."""
