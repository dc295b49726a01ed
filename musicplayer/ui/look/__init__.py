"""How things look: theme, icons, labels, delegates, dialogs and the words in them."""
