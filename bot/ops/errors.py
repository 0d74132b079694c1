"""What only the operator can put right."""


class OperatorError(Exception):
    """Told in one line that says what to do; the program ends with `exit_status`."""

    exit_status = 2
