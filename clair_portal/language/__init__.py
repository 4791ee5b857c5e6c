"""Japanese text: width and kana folding, names as people type them."""
