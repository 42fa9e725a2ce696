"""What the layer explorers ask of the numbers that they are given."""

import traitlets


def axis_numbers(proposal, rank, limit):
    """Return the value proposed for a trait if it has a number from 1 to `limit` for each axis."""
    name, value = proposal.trait.name, proposal.value
    if len(value) != rank or not all(1 <= number <= limit for number in value):
        raise traitlets.TraitError(
            f"`{name}` must be a list of {rank} integers from 1 to {limit}. "
            f"Received: {name}={value}"
        )
    return value
