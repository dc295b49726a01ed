"""What joins the player to the desktop around it: media controls, notifications, the tray, one instance at a time."""

DESKTOP_ID = "app.segue.Segue"
"""Name of the desktop file, the icon and the AppStream component; windows and media controls are matched by it."""
