"""The embedded platform: a transcript goes in, what each person would see comes out."""
