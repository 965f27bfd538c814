"""The exchanges of two runs of one plan compared: the same requests, sent to two targets."""
