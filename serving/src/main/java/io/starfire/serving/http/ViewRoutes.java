package io.starfire.serving.http;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.serving.access.Role;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.view.View;
import java.util.function.Supplier;

/** What the current view holds, for people who look at it. Thread-safe. */
public final class ViewRoutes implements Routes {
  private final Supplier<View> view;
  private final LiveNode live;

  /**
   * @param view that queries use now
   * @param live whose rows no view holds yet
   */
  public ViewRoutes(Supplier<View> view, LiveNode live) {
    this.view = requireNonNull(view, "view");
    this.live = requireNonNull(live, "live");
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get(
        "/starfire/v1/sizes",
        Access.READ,
        context -> JsonBodies.answer(context, 200, DataSourceSize.all(view.get())));
    routes.get(
        "/starfire/v1/timeline/{dataSource}/layers",
        Access.READ_NAMED,
        context -> {
          String dataSource = context.pathParam("dataSource");
          Callers.require(context, Role.READ, dataSource);
          String asked = context.queryParam("interval");
          Interval interval = asked == null ? Interval.ETERNITY : Interval.parse(asked);
          JsonBodies.answer(
              context, 200, TimelineLayers.of(view.get(), live, dataSource, interval));
        });
  }
}
