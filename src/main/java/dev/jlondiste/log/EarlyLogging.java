package dev.jlondiste.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Found by Logback as a service: until the ini file is read, lines go to stderr. No XML is read.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class EarlyLogging extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogSetup.early(context, LineStyle.LONDISTE, Verbosity.NORMAL);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
