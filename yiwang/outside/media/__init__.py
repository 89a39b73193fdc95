"""Reading films, voices and papers that strangers send: FFmpeg (the `av` wheel) and pypdf, each time in a process apart.

Hostile bytes are never decoded in the process that serves or works: `ask` starts a child with little memory, little time
and no name of the house, and hears one JSON answer. A child that crashes, hangs or eats is `Broken`; a file that is not
what it should be is `Unfit` with a code and figures; the sentence for it is made elsewhere.
"""

from yiwang.outside.media.apart import Broken, Stopped, Unfit, ask

__all__ = ["Broken", "Stopped", "Unfit", "ask"]
