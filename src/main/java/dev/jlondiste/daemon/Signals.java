package dev.jlondiste.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Hears {@link DaemonSignal}s for this process. The one user of {@code sun.misc.Signal}: Java has
 * no other way to SIGHUP, nor to tell SIGINT from SIGTERM. By reflection, because javac warns of
 * that class in a way that no {@code @SuppressWarnings} silences.
 */
final class Signals {
  private Signals() {}

  /** {@code listener} is called in a thread of the JVM for each signal, and must not wait. */
  static void listen(Consumer<DaemonSignal> listener) {
    try {
      for (DaemonSignal signal : DaemonSignal.values()) {
        handle(signal.shortName(), () -> listener.accept(signal));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
  }

  private static void handle(String name, Runnable heard) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler calls =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                heard.run();
                yield null;
              }
              case "equals" -> arguments != null && proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "listener for SIG" + name;
            };
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance(name),
            Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, calls));
  }
}
