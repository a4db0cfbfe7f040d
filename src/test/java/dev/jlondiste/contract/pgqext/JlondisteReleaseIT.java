package dev.jlondiste.contract.pgqext;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ReleaseContract;

@Contract("pgq_ext.jlondiste_release")
class JlondisteReleaseIT extends ReleaseContract {}
