package dev.jlondiste.contract.pgq;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ReleaseContract;

@Contract("pgq.jlondiste_release")
class JlondisteReleaseIT extends ReleaseContract {}
