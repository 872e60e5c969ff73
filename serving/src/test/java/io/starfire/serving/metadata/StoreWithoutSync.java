package io.starfire.serving.metadata;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * An H2 store whose commits are done and can then not be forced to the disk, while a test says so:
 * the outcome of a write is unknown then.
 */
public final class StoreWithoutSync {
  private StoreWithoutSync() {}

  /**
   * Opens the store.
   *
   * @param fails asked once for each commit that is to be forced to the disk
   */
  public static MetadataStore open(MetadataLocation location, BooleanSupplier fails) {
    return MetadataStore.open(
        location,
        connections -> (ConnectionFactory) () -> withFaults(connections.openConnection(), fails));
  }

  private static Connection withFaults(Connection connection, BooleanSupplier fails) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && connection.getAutoCommit()
                  && fails.getAsBoolean()) {
                throw new SQLException("No space left on device");
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
