"""What the operating system says about a file, in the words of whoever reads it."""

from __future__ import annotations

import errno
from typing import Final

from scheduler.language import Message

_WORDS: Final = {
    errno.ENOENT: Message("there is no such file or folder"),
    errno.EACCES: Message("access to it is denied"),
    errno.EPERM: Message("access to it is denied"),
    errno.EROFS: Message("it stands where nothing can be written"),
    errno.EISDIR: Message("it is a folder"),
    errno.ENOTDIR: Message("its path goes through something that is no folder"),
    errno.ENAMETOOLONG: Message("its name is too long"),
    errno.ENOSPC: Message("the disk is full"),
    errno.EDQUOT: Message("there is no more space for you on the disk"),
    errno.EIO: Message("the disk does not answer as it should"),
    errno.EBADF: Message("it is closed"),
    errno.EPIPE: Message("nobody reads it any more"),
}


def word_os_error(error: OSError) -> Message:
    """Why something cannot be read or written; what is rare in the system's own words."""
    known = _WORDS.get(error.errno) if error.errno is not None else None
    return known or Message("{what}", what=error.strerror or type(error).__name__)


__all__ = ["word_os_error"]
