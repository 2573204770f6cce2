"""mount, unshare, setns, chroot, bpf, perf, io_uring, userfaultfd, keyctl, modules and reboot, one after the other.

expect: energy=failed
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def energy(x):
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(256)
    calls = {
        "mount": (165, b"none", b"/tmp", b"tmpfs", 0, 0), "umount2": (166, b"/tmp", 2), "unshare user": (272, 0x10000000), "unshare net": (272, 0x40000000),
        "setns": (308, 0, 0), "chroot": (161, b"/"), "pivot_root": (155, b"/", b"/"), "bpf": (321, 0, buffer, 72), "perf_event_open": (298, buffer, 0, -1, -1, 0),
        "io_uring_setup": (425, 4, buffer), "userfaultfd": (323, 1), "keyctl": (250, 0, -3, 1), "init_module": (175, buffer, 0, b""), "swapon": (167, b"/dev/sda", 0),
        "sethostname": (170, b"hostile", 7), "settimeofday": (164, buffer, 0), "fanotify_init": (300, 0, 0), "open_by_handle_at": (304, -1, buffer, 0),
        "msgget": (68, 0, 0o1666), "semget": (64, 0, 1, 0o1666), "mq_open": (240, b"/hostile", 0o102, 0o666, 0), "move_mount": (429, -1, b"/", -1, b"/", 0),
        "fsopen": (430, b"tmpfs", 0), "acct": (163, b"/tmp/x"), "personality": (135, 0x0040000), "setsid": (112,), "quotactl": (179, 0, b"/", 0, 0),
    }
    for name, call in calls.items():
        if libc.syscall(*call) >= 0:
            print("GOT THROUGH:", name)
    return 0.0
