package dev.jlondiste.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Receives {@link DaemonSignal}s for this process. It uses {@code sun.misc.Signal}, because Java
 * has no other way to receive SIGHUP or to distinguish SIGINT from SIGTERM. It uses reflection,
 * because no {@code @SuppressWarnings} suppresses javac's warning about that class.
 */
final class Signals {
  private Signals() {}

  /** {@code listener} is called by a thread of the JVM for each signal, and must not block. */
  static void listen(Consumer<DaemonSignal> listener) {
    try {
      for (DaemonSignal signal : DaemonSignal.values()) {
        handle(signal.shortName(), () -> listener.accept(signal));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
  }

  /** Until {@link #listen}, the signal does nothing, instead of ending the process. */
  static void ignore(DaemonSignal signal) {
    try {
      handle(signal.shortName(), () -> {});
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
