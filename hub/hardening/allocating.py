"""The C library's allocator, by the calls that it offers."""

import ctypes
import os


def c_library() -> str:
    """Name the C library and its version as it names itself; empty when it is not the GNU one."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return ""


def allocator() -> ctypes.PyDLL:
    """Return the C library; its calls keep the interpreter's lock, for each is far shorter than taking that again."""
    library = ctypes.PyDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.restype, library.free.argtypes = None, [ctypes.c_void_p]
    return library
