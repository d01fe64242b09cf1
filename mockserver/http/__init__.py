"""Plain values of HTTP: requests, replies, headers, preferences, effects and sharing with other origins."""
