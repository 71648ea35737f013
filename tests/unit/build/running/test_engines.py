"""How build and kernel talk where there are no sockets that one account alone can open."""

import pytest
from jupyter_client import KernelManager

from lpe_reports.build.running import engines

_SECONDS = 60


def test_what_goes_through_a_port_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every account of a machine reaches its ports; each kernel gets keys of its own."""
    monkeypatch.setattr(engines, "POSIX", False)
    manager = KernelManager(kernel_name="python3", config=engines._kernel_config())

    manager.start_kernel()
    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=_SECONDS)
        client.stop_channels()
        assert manager.transport == "tcp"
        assert manager.curve_publickey
        assert client.curve_publickey == manager.curve_publickey
    finally:
        manager.shutdown_kernel(now=True)
