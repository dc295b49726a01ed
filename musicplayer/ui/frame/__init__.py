"""What every part of the window may use: places, actions, messages, commands and the side bar."""
