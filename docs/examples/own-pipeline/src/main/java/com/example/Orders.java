package com.example;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.common.Granularity;
import java.time.Instant;

/** Counts orders and their amounts by city. */
public final class Orders implements Pipeline {
  /** An order, as a line of JSON has it. */
  public record Order(String orderId, Instant orderedAt, String city, double amount) {}

  @Override
  public void define(Flow flow) {
    flow.source("orders", Order.class)
        .eventTime(Order::orderedAt)
        .identity(Order::orderId)
        .filter(order -> order.amount() > 0)
        .to(
            DataSource.named("orders_by_city", Order.class)
                .dimensions("city")
                .count("orders")
                .doubleSum("amount", Order::amount)
                .segmentGranularity(Granularity.HOUR)
                .queryGranularity(Granularity.MINUTE));
  }
}
