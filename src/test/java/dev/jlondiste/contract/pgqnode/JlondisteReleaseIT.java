package dev.jlondiste.contract.pgqnode;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ReleaseContract;

@Contract("pgq_node.jlondiste_release")
class JlondisteReleaseIT extends ReleaseContract {}
