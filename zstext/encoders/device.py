"""Where a network runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zstext.errors import OptionError

if TYPE_CHECKING:
    import torch


def move(model: torch.nn.Module, device: str | None) -> torch.device:
    """Put a network on a device, ready to be used, and return the device.

    Parameters
    ----------
    model : torch.nn.Module
    device : str or None
        None takes the accelerator that torch was built for, a GPU as a rule, if there is one.

    Raises
    ------
    OptionError
        If there is no such device.
    """
    import torch

    if device is None:  # a torch that was built for one names it, though the machine has none
        found = torch.accelerator.is_available()
        device = str(torch.accelerator.current_accelerator()) if found else "cpu"
    try:
        model.eval().to(device)
    except (RuntimeError, AssertionError) as error:  # torch asserts that CUDA is compiled in
        raise OptionError(f"device {device!r} cannot be used: {error}") from error
    return torch.device(device)
