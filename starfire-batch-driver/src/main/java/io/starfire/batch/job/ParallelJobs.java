package io.starfire.batch.job;

import io.starfire.batch.base.Uninterrupted;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs jobs, each as soon as those that it waits for are done and there is room for it. Of several
 * that could run, the first in the list comes first. If one fails, or the calling thread is
 * interrupted, the others are interrupted; all have ended when the call returns. Stateless.
 */
final class ParallelJobs {
  /** Killing a job takes half a minute at most, see {@link JobWatch}. */
  private static final long END_SECONDS = 90;

  private ParallelJobs() {}

  /**
   * A job.
   *
   * @param name unique
   * @param after names of the jobs that must be done before; they come before it in the list
   */
  record Task(String name, List<String> after, Runnable work) {}

  /**
   * Runs all.
   *
   * @param atOnce how many at the same time; if it is 1, all run on the calling thread
   * @throws StarfireException with CANCELED if the thread is interrupted; else what the first of
   *     the jobs that failed has thrown
   */
  static void run(List<Task> tasks, int atOnce) {
    if (atOnce == 1) {
      tasks.forEach(task -> task.work().run());
      return;
    }
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            atOnce,
            work -> {
              Thread thread = new Thread(work, "starfire-batch-job-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      run(tasks, atOnce, new ExecutorCompletionService<>(threads));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "the run was interrupted", e);
    } finally {
      threads.shutdownNow();
      Uninterrupted.run(() -> awaitEnd(threads));
    }
  }

  private static void run(List<Task> tasks, int atOnce, CompletionService<String> threads)
      throws InterruptedException {
    List<Task> waiting = new ArrayList<>(tasks);
    Set<String> done = new HashSet<>();
    int running = 0;
    while (done.size() < tasks.size()) {
      for (int i = 0; i < waiting.size() && running < atOnce; i++) {
        Task task = waiting.get(i);
        if (done.containsAll(task.after())) {
          waiting.remove(i);
          i--;
          running++;
          threads.submit(task.work(), task.name());
        }
      }
      if (running == 0) {
        throw new IllegalStateException("jobs wait for each other: " + waiting);
      }
      done.add(ended(threads));
      running--;
    }
  }

  private static String ended(CompletionService<String> threads) throws InterruptedException {
    try {
      return threads.take().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  /** Why the run ends is said already; what did not end in time is left to end by itself. */
  private static void awaitEnd(ExecutorService threads) {
    try {
      boolean unused = threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
