"""What every adapter shares: manifest, link to the hub, journal, and the small interface behind which readers stand."""
