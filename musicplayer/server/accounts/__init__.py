"""Who may listen by way of the server: accounts, their devices and sessions, and what keeps strangers out."""
