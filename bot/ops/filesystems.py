"""What kind of file system a folder is on: SQLite needs one of this machine's own."""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

SHARED = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.cephfs",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
        "fuse.vmhgfs-fuse",
        "fuse.grpcfuse",
        "fakeowner",
    }
)
"""Between machines, or a machine and its host: locks and shared memory do not hold there."""


def kind_of(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind as the system names it (`ext4`, `nfs`); None where it does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    real = folder.resolve()
    best: tuple[int, str] | None = None
    for line in lines:
        left, _, right = line.partition(" - ")
        fields, kind = left.split(" "), right.split(" ")[0]
        point = Path(_unescape(fields[4]))
        # Of two mounts on one point the later one is seen.
        if real.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = (len(point.parts), kind)
    return best[1] if best else None


def _unescape(name: str) -> str:
    """Undo the kernel's way of writing a blank in a name."""
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), name)
