package io.starfire.common;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one kind of background thread: a named daemon thread that repeats a step, after an interval
 * or when it is woken. For example:
 *
 * <pre>{@code
 * BackgroundLoop loop =
 *     BackgroundLoop.named("coordinator-duties", duties::round).every(Duration.ofMillis(500)).build();
 * loop.start();
 * }</pre>
 *
 * <p>If a step throws an exception, it is done again after a pause, which doubles with each further
 * failure. Failures are counted. A failure is logged if its message differs from that of the
 * failure before.
 *
 * <p>An {@link Error}, or an exception that the owner calls fatal, ends the loop. The state is then
 * FAILED, with the cause, and the owner is told: a loop never ends unnoticed. Thread-safe.
 */
public final class BackgroundLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoop.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final Step step;
  private final Step atEnd;
  private final Duration interval;
  private final LoopBackoff backoff;
  private final Predicate<Exception> isFatal;
  private final Consumer<Throwable> onFailed;
  private final Ticker ticker;
  private final boolean interruptAtStop;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;
  private volatile long stepBeganNanos;
  private volatile boolean inStep;
  private volatile State state = State.NEW;
  private volatile Optional<Throwable> cause = Optional.empty();
  private volatile long failures;

  /** One step of a loop. */
  @FunctionalInterface
  public interface Step {
    /** Does the step. An InterruptedException ends the loop. */
    void run() throws Exception;
  }

  /** The state of a loop. */
  public enum State {
    /** Not started yet. */
    NEW,
    /** The last step succeeded, or the first one is being done. */
    RUNNING,
    /** The last step failed; it is tried again. */
    RETRYING,
    /** Stopped by its owner, or by its own step. */
    STOPPED,
    /** Ended by an error. */
    FAILED
  }

  /**
   * The state of a loop, with details.
   *
   * @param state the state
   * @param failures number of steps that have failed since the loop was started
   * @param problem the sentence of the failure that it retries or ended with; empty if there is
   *     none
   * @param inStep how long the current step has been running; zero between steps
   */
  public record Status(
      String name, State state, long failures, Optional<String> problem, Duration inStep) {
    /** Whether the loop works, retries, or was stopped on purpose. */
    public boolean isAlive() {
      return state != State.FAILED;
    }
  }

  private BackgroundLoop(Builder builder) {
    this.name = builder.name;
    this.step = builder.step;
    this.atEnd = builder.atEnd;
    this.interval = builder.interval;
    this.backoff = new LoopBackoff(builder.firstPause, builder.longestPause);
    this.isFatal = builder.isFatal;
    this.onFailed = builder.onFailed;
    this.ticker = builder.ticker;
    this.interruptAtStop = builder.interruptAtStop;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Begins a loop. Its thread gets the name. */
  public static Builder named(String name, Step step) {
    return new Builder(name, step);
  }

  /** Describes a loop before it is made. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final Step step;
    private Step atEnd = () -> {};
    private Duration interval = Duration.ofSeconds(1);
    private Duration firstPause = Duration.ofSeconds(1);
    private Duration longestPause = Duration.ofMinutes(1);
    private Predicate<Exception> isFatal = exception -> false;
    private Consumer<Throwable> onFailed = cause -> {};
    private Ticker ticker = Ticker.SYSTEM;
    private boolean interruptAtStop;

    private Builder(String name, Step step) {
      this.name = requireNonNull(name, "name");
      this.step = requireNonNull(step, "step");
    }

    /** The longest pause between two steps; zero means no pause. The default is one second. */
    public Builder every(Duration interval) {
      this.interval = requireNonNull(interval, "interval");
      return this;
    }

    /**
     * The pauses after failures. The default is from one second to one minute.
     *
     * @param first pause after the first of several failures in a row; each further failure doubles
     *     it
     * @param longest pause, inclusive
     */
    public Builder retryAfter(Duration first, Duration longest) {
      this.firstPause = requireNonNull(first, "first");
      this.longestPause = requireNonNull(longest, "longest");
      return this;
    }

    /** Which exceptions end the loop, as an Error does. The default is none. */
    public Builder fatalIf(Predicate<Exception> isFatal) {
      this.isFatal = requireNonNull(isFatal, "isFatal");
      return this;
    }

    /** Called on the loop's thread, with the cause, when the loop is FAILED. */
    public Builder onFailed(Consumer<Throwable> onFailed) {
      this.onFailed = requireNonNull(onFailed, "onFailed");
      return this;
    }

    /**
     * Interrupts the step if it takes longer than the time that {@link #stop} allows. Do not use it
     * for steps that write to the metadata store: an interrupt closes the file of an H2 database
     * for all its users.
     */
    public Builder interruptAtStop() {
      this.interruptAtStop = true;
      return this;
    }

    /**
     * What the loop's thread does last, however the loop ends. If it throws, the loop is FAILED.
     */
    public Builder atEnd(Step atEnd) {
      this.atEnd = requireNonNull(atEnd, "atEnd");
      return this;
    }

    /** The clock of the loop. The default is the machine's. */
    public Builder ticker(Ticker ticker) {
      this.ticker = requireNonNull(ticker, "ticker");
      return this;
    }

    /** Makes the loop. It does nothing until it is started. */
    public BackgroundLoop build() {
      return new BackgroundLoop(this);
    }
  }

  /** Starts the thread. It does the first step at once. */
  public void start() {
    state = State.RUNNING;
    thread.start();
  }

  /** Makes the loop do a step soon. If a step is running, another one follows it. */
  public void wake() {
    wakeUps.release();
  }

  /** Makes the loop end after its current step, and returns at once. A step may call it. */
  public void requestStop() {
    stopping = true;
    wake();
  }

  /**
   * Makes the loop end after its current step, and waits for that. If the loop has not ended within
   * the time, its stack is logged and the method returns. The thread does not keep the process
   * alive.
   *
   * @return whether the loop has ended
   */
  public boolean stop(Duration timeout) {
    requestStop();
    if (Thread.currentThread() == thread) {
      return false;
    }
    join(timeout.toMillis());
    if (thread.isAlive()) {
      LOG.warn("{} has not ended within {}", name, timeout, where());
      if (interruptAtStop) {
        thread.interrupt();
      }
    }
    if (state == State.NEW) {
      state = State.STOPPED;
    }
    return !thread.isAlive();
  }

  /** Stops the loop; waits at most 30 seconds. */
  @Override
  public void close() {
    boolean unused = stop(CLOSE_TIMEOUT);
  }

  /** The current state. */
  public Status status() {
    Duration sinceBegin =
        inStep ? Duration.ofNanos(ticker.nanoTime() - stepBeganNanos) : Duration.ZERO;
    return new Status(name, state, failures, cause.map(BackgroundLoop::sentence), sinceBegin);
  }

  /** The failure that the loop retries or ended with; empty if there is none. */
  public Optional<Throwable> cause() {
    return cause;
  }

  private void run() {
    repeat();
    atEnd();
    if (state != State.FAILED) {
      state = State.STOPPED;
    }
  }

  private void repeat() {
    while (!stopping) {
      try {
        doStep();
        if (!stopping) {
          ticker.await(wakeUps, backoff.pause(interval));
          wakeUps.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (FatalException e) {
        failed(e.getCause());
        return;
      }
    }
  }

  private void doStep() throws InterruptedException {
    stepBeganNanos = ticker.nanoTime();
    inStep = true;
    try {
      step.run();
      succeeded();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (isFatal.test(e)) {
        throw new FatalException(e);
      }
      retry(e);
    } catch (Error e) {
      throw new FatalException(e);
    } finally {
      inStep = false;
    }
  }

  private void atEnd() {
    try {
      atEnd.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      failed(e);
    }
  }

  private void succeeded() {
    if (backoff.isFailing()) {
      LOG.info("{} works again after {} failures", name, backoff.failuresInARow());
    }
    backoff.succeeded();
    cause = Optional.empty();
    state = State.RUNNING;
  }

  private void retry(Exception e) {
    boolean isNew = cause.map(last -> !sentence(last).equals(sentence(e))).orElse(true);
    count(e);
    state = State.RETRYING;
    backoff.failed();
    if (isNew) {
      LOG.warn("{} failed and is tried again: {}", name, sentence(e), trace(e));
    }
  }

  private void failed(Throwable e) {
    count(e);
    state = State.FAILED;
    LOG.error("{} ended for good: {}", name, sentence(e), trace(e));
    try {
      onFailed.accept(e);
    } catch (RuntimeException | Error f) {
      LOG.error("{} could not tell that it ended", name, f);
    }
  }

  // Only the loop's thread writes.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void count(Throwable e) {
    failures++;
    cause = Optional.of(e);
  }

  /**
   * The message of a StarfireException is a sentence; other exceptions are shown with their class.
   */
  private static String sentence(Throwable e) {
    return e instanceof StarfireException ? e.getMessage() : e.toString();
  }

  /**
   * The exception to log; null for a StarfireException that is not INTERNAL: its sentence is
   * enough.
   */
  private static Throwable trace(Throwable e) {
    boolean isSaid = e instanceof StarfireException known && known.code() != ErrorCode.INTERNAL;
    return isSaid ? null : e;
  }

  /** The stack of the loop's thread, in a form that a log prints. */
  private Throwable where() {
    Throwable where = new IllegalStateException("the stack of " + name);
    where.setStackTrace(thread.getStackTrace());
    return where;
  }

  private void join(long millis) {
    try {
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Carries the failure that ends the loop out of its step. */
  private static final class FatalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FatalException(Throwable cause) {
      super(cause);
    }
  }
}
