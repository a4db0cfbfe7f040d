package dev.jlondiste.contract.londiste;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ReleaseContract;

@Contract("londiste.jlondiste_release")
class JlondisteReleaseIT extends ReleaseContract {}
