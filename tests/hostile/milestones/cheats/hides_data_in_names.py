"""Data in names that are never used: names are counted.

weights: reference
expect: next_symbols=error trains_anew=error
says: characters of distinct names
"""


def law():
    """Names."""
    d6e340b9cffb37a989ca544e6bb780a2c78901d3f = None
    d4bf5122f344554c53bde2ebb8cd2b7e3d1600ad6 = None
    ddbc1b4c900ffe48d575b5da5c638040125f65db0 = None
    d084fed08b978af4d7d196a7446a86b58009e636b = None
    de52d9c508c502347344d8c07ad91cbd6068afc75 = None
    de77b9a9ae9e30b0dbdb6f510a264ef9de781501d = None
    d67586e98fad27da0b9968bc039a1ef34c939b9b8 = None
    dca358758f6d27e6cf45272937977a748fd88391d = None
    dbeead77994cf573341ec17b58bbf7eb34d2711c9 = None
    d2b4c342f5433ebe591a1da77e013d1b72475562d = None
    d01ba4719c80b6fe911b091a7c05124b64eeece96 = None
    de7cf46a078fed4fafd0b5e3aff144802b853f8ae = None
    def6cbd2161eaea7943ce8693b9824d23d1793ffb = None
    d9d1e0e2d9459d06523ad13e28a4093c2316baafe = None
    d4d7b3ef7300acf70c892d8327db8272f54434adb = None
    ddc0e9c3658a1a3ed1ec94274d8b19925c93e1abb = None
    dc555eab45d08845ae9f10d452a99bfcb06f74a50 = None
    d4a64a107f0cb32536e5bce6c98c393db21cca7f4 = None
    df299791cddd3d6664f6670842812ef6053eb6501 = None
    dab897fbdedfa502b2d839b6a56100887dccdc507 = None
    d83891d7fe85c33e52c8b4e5814c92fb6a3b94672 = None
    d2f0fd1e89b8de1d57292742ec380ea47066e307a = None
    d7cb7c4547cf2653590d7a9ace60cc623d25148ad = None
    d8f11b05da785e43e713d03774c6bd3405d99cd30 = None
    d452ba1ddef80246c48be7690193c76c1d6118590 = None
    d68aa2e2ee5dff96e3355e6c7ee373e3d6a4e17f7 = None
    d58f7b0780592032e4d8602a3e8690fb2c701b2e1 = None
    d77adfc95029e73b173f60e556f915b0cd8850848 = None
    dbd4fc42a21f1f860a1030e6eba23d53ecab71bd1 = None
    d1f18d650d205d71d934c3646ff5fac1c096ba52e = None
    d9652595f37edd08c51dfa26567e6cd76e6fa2709 = None
    dffe679bb831c95b67dc17819c63c5090d221aac6 = None
    d36a9e7f1c95b82ffb99743e0c5c4ce95d83c9a43 = None
    dbb7208bc9b5d7c04f1236a82a0093a5e33f40423 = None
    d8a331fdde7032f33a71e1b2e257d80166e348e00 = None
    d334359b90efed75da5f0ada1d5e6b256f4a6bd0a = None
    d09fc96082d34c2dfc1295d92073b5ea1dc8ef8da = None
    dbbf3f11cb5b43e700273a78d12de55e4a7eab741 = None
    d951dcee3a7a4f3aac67ec76a2ce4469cc76df650 = None
    d265fda17a34611b1533d8a281ff680dc5791b0ce = None
