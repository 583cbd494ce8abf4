"""Children's social care: Care Records, a normalised SQL database."""
