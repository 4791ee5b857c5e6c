"""What an office does for a request: work entries with hours, the draft of its report; and what the requester says of it."""
