"""An embedding network of the user's own as one more block of the `sonic` profile; none comes with Segue."""
