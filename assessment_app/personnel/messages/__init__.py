"""Both lists as bytes, forms, words for people, exports, and demonstration files."""
