package io.starfire.serving.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller learns of a write whose commit fails. */
class MetadataStoreOutcomeTest {
  /** What goes wrong with the next commit. */
  private enum Fault {
    NONE,
    /** It is done, and says that it was not. */
    AFTER,
    /** It is not done. */
    BEFORE,
    /** It is done, and the database is gone. */
    AFTER_AND_GONE,
    /** The commit is done, and what was written cannot be forced to the disk. */
    ON_CHECKPOINT,
    GONE
  }

  @TempDir Path directory;
  private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
  private MetadataStore store;

  @BeforeEach
  void open() {
    store =
        MetadataStore.open(MetadataLocation.h2(directory.resolve("metadata")), this::withFaults);
  }

  @AfterEach
  void close() {
    fault.set(Fault.NONE);
    store.close();
  }

  private ConnectionFactory withFaults(ConnectionFactory source) {
    return proxy(
        ConnectionFactory.class,
        source,
        (name, call) -> {
          if (name.equals("openConnection") && fault.get() == Fault.GONE) {
            throw new SQLException("the database is gone");
          }
          Object result = call.run();
          return result instanceof Connection connection ? withFaults(connection) : result;
        });
  }

  private Connection withFaults(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (name, call) -> {
          if (name.equals("commit") && fault.get() != Fault.NONE) {
            return commit(connection, call);
          }
          if (name.equals("prepareStatement")
              && fault.get() == Fault.ON_CHECKPOINT
              && connection.getAutoCommit()) {
            throw new SQLException("No space left on device");
          }
          return call.run();
        });
  }

  private Object commit(Connection connection, Call call) throws Throwable {
    switch (fault.get()) {
      case AFTER -> {
        call.run();
        fault.set(Fault.NONE);
        throw new SQLException("the answer to the commit was lost");
      }
      case BEFORE -> {
        connection.rollback();
        fault.set(Fault.NONE);
        throw new SQLException("the commit was refused");
      }
      case AFTER_AND_GONE -> {
        call.run();
        fault.set(Fault.GONE);
        throw new SQLException("the answer to the commit was lost");
      }
      default -> {
        return call.run();
      }
    }
  }

  private interface Call {
    Object run() throws Throwable;
  }

  private interface Handler {
    Object handle(String method, Call call) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, T target, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                handler.handle(
                    method.getName(),
                    () -> {
                      try {
                        return method.invoke(target, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    })));
  }

  private long write() {
    return store.write(MetadataTransaction::nextViewNumber);
  }

  private long stored() {
    return store.read(MetadataTransaction::viewNumber);
  }

  private StarfireException failed() {
    StarfireException failure = catchThrowableOfType(StarfireException.class, this::write);
    assertThat(failure).isNotNull();
    return failure;
  }

  @Test
  void aCommitThatWasDoneAlthoughItFailedIsASuccess() {
    fault.set(Fault.AFTER);
    assertThat(write()).isEqualTo(1);
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void aCommitThatWasNotDoneIsAFailureThatChangedNothing() {
    fault.set(Fault.BEFORE);
    assertThat(failed().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(stored()).isZero();
    assertThat(write()).isEqualTo(1);
  }

  @Test
  void ifNobodyCanTellTheOutcomeIsUnknown() {
    fault.set(Fault.AFTER_AND_GONE);
    assertThat(failed().code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    fault.set(Fault.NONE);
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void whatIsCommittedAndMayNotBeOnDiskIsUnknownToo() {
    fault.set(Fault.ON_CHECKPOINT);
    StarfireException failure = failed();
    fault.set(Fault.NONE);
    assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(failure).hasMessageContaining("survives a crash");
  }

  @Test
  void aFunctionThatFailsLeavesNothing() {
    StarfireException failure =
        catchThrowableOfType(
            StarfireException.class,
            () ->
                store.write(
                    transaction -> {
                      transaction.nextViewNumber();
                      throw new StarfireException(ErrorCode.CONFLICT, "no");
                    }));
    assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT);
    assertThat(stored()).isZero();
  }
}
