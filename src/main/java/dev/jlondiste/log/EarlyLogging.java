package dev.jlondiste.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logs to stderr until the ini file is read. Logback loads this class as a service; it reads no XML
 * configuration.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class EarlyLogging extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogSetup.early(context, LineStyle.LONDISTE, Verbosity.NORMAL);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
