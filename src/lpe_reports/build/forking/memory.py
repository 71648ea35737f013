"""Memory that a process shares with those it forks, in large pages: a fork then copies less."""

import ctypes

import psutil

_COLLAPSE = 25  # MADV_COLLAPSE, of Linux 6.1 and later
_PAGE_BYTES = 2 << 20


def use_large_pages() -> None:
    """Have what this process has allocated put into pages of two megabytes.

    For each small page a fork copies an entry, and the end of a process takes it away: forty
    thousand with the libraries imported. Where the system has no large pages nothing happens.
    """
    libc = ctypes.CDLL(None)
    for area in psutil.Process().memory_maps(grouped=False):
        begin, end = (int(place, 16) for place in area.addr.split("-"))
        # What is mostly reserved only would take more memory than before.
        if area.path in ("[anon]", "[heap]") and area.rss > (end - begin) // 2:
            begin, end = -(-begin // _PAGE_BYTES) * _PAGE_BYTES, end // _PAGE_BYTES * _PAGE_BYTES
            if begin < end:
                libc.madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _COLLAPSE)
