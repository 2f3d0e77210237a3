"""Mail domains where anybody can have an address and that the packaged lists may lack, the Polish ones above all."""

from __future__ import annotations

FREE_MAIL = frozenset(
    """
    1gb.pl 2gb.pl aim.com amorki.pl aqq.eu autograf.pl buziaczek.pl czateria.pl gazeta.pl go2.pl hey.com int.pl
    interia.com interia.eu interia.pl interiowy.pl intmail.pl keemail.me lycos.pl mailplus.pl neostrada.pl o2.eu o2.pl
    ogarnij.se onet.com.pl onet.eu onet.pl op.pl opoczta.pl pacz.to pino.pl pisz.to pm.me poczta.fm poczta.onet.eu
    poczta.onet.pl pocztaonet.pl prokonto.pl proton.me pseudonim.pl spoko.pl tenbit.pl tlen.pl tuta.com tuta.io
    tutamail.com tutanota.com tutanota.de vip.interia.pl vip.onet.pl vip.wp.pl vp.pl wp.eu wp.pl yahoo.pl
    """.split()
)
