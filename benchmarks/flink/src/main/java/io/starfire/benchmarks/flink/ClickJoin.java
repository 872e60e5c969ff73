package io.starfire.benchmarks.flink;

import io.starfire.benchmarks.stream.RawAd;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** Gives each impression, at the end of its window, with the number of its clicks. */
final class ClickJoin
    extends KeyedCoProcessFunction<
        String, Tuple3<String, Long, byte[]>, Tuple3<String, Long, byte[]>, byte[]> {
  private static final long serialVersionUID = 1;
  private static final long WINDOW_MILLIS = FlinkMain.WINDOW.toMillis();

  private transient ValueState<Tuple3<String, Long, byte[]>> impression;
  private transient ListState<Long> clicks;

  @Override
  public void open(OpenContext context) {
    impression =
        getRuntimeContext().getState(new ValueStateDescriptor<>("impression", FlinkMain.AD));
    clicks = getRuntimeContext().getListState(new ListStateDescriptor<>("clicks", Types.LONG));
  }

  @Override
  public void processElement1(
      Tuple3<String, Long, byte[]> ad, Context context, Collector<byte[]> out) throws Exception {
    // Objects are used again by Flink, but the source makes a new one for each record.
    impression.update(ad);
    context.timerService().registerEventTimeTimer(ad.f1 + WINDOW_MILLIS);
  }

  @Override
  public void processElement2(
      Tuple3<String, Long, byte[]> ad, Context context, Collector<byte[]> out) throws Exception {
    clicks.add(ad.f1);
    if (impression.value() == null) {
      context.timerService().registerEventTimeTimer(ad.f1);
    }
  }

  @Override
  public void onTimer(long millis, OnTimerContext context, Collector<byte[]> out) throws Exception {
    Tuple3<String, Long, byte[]> ad = impression.value();
    if (ad == null) {
      forget(millis);
    } else if (millis == ad.f1 + WINDOW_MILLIS) {
      int within = 0;
      for (long click : clicks.get()) {
        if (click >= ad.f1 && click <= millis) {
          within++;
        }
      }
      out.collect(RawAd.result(ad.f2, within));
      impression.clear();
      clicks.clear();
    }
  }

  /** No impression comes any more for clicks up to this time. */
  private void forget(long millis) throws Exception {
    List<Long> later = new ArrayList<>();
    for (long click : clicks.get()) {
      if (click > millis) {
        later.add(click);
      }
    }
    if (later.isEmpty()) {
      clicks.clear();
    } else {
      clicks.update(later);
    }
  }
}
