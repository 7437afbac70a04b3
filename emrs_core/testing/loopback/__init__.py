"""What the stand-ins for other people's services share: the wire, a server on loopback, a page of people to choose."""
