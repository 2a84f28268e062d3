"""An agent that is instrumented with OpenTelemetry, as its documentation shows. OTEL_EXPORTER_OTLP_METRICS_ENDPOINT says where Iskra is."""

import sys

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource


class Watched(MetricExporter):
    """Tells by its exit code whether all was exported; the SDK itself only logs it."""

    def __init__(self, exporter: MetricExporter) -> None:
        super().__init__()
        self.exporter = exporter
        self.failed = False

    def export(self, *arguments, **options) -> MetricExportResult:
        result = self.exporter.export(*arguments, **options)
        self.failed |= result is not MetricExportResult.SUCCESS
        return result

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return self.exporter.force_flush(timeout_millis)

    def shutdown(self, timeout_millis: float = 30_000, **options) -> None:
        self.exporter.shutdown(timeout_millis, **options)


exporter = Watched(OTLPMetricExporter())
reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
provider = MeterProvider([reader], resource=Resource.create({"iskra.subject": "from-opentelemetry"}))
meter = provider.get_meter("agent")

meter.create_gauge("iskra.clarity").set(0.8)
meter.create_gauge("iskra.trust").set(0.7)
meter.create_gauge("iskra.signal.drift").set(3)
# One subject more, told by its own attribute.
meter.create_gauge("iskra.pain").set(0.4, {"iskra.subject": "another-agent"})
evaluation = meter.create_gauge("gen_ai.evaluation.score")
evaluation.set(0.9, {"gen_ai.agent.name": "evaluated", "gen_ai.evaluation.name": "Groundedness"})
evaluation.set(4.0, {"gen_ai.agent.name": "evaluated", "gen_ai.evaluation.name": "Fluency"})
# Nobody asked for these.
meter.create_counter("tokens").add(17)
meter.create_histogram("duration").record(0.5)

provider.shutdown()
sys.exit(exporter.failed)
