package dev.jlondiste.contract.pgqcoop;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ReleaseContract;

@Contract("pgq_coop.jlondiste_release")
class JlondisteReleaseIT extends ReleaseContract {}
