import type { Voice } from "../../protocol";
import type { Part } from "./parts";

/** Nothing begins or changes abruptly: nearly all of a change is heard after three times this long. */
const CHANGE_SECONDS = 0.6;
const HUSH_SECONDS = 0.12;

type Pipe = { oscillator: OscillatorNode; gain: GainNode; panner: StereoPannerNode };

/** Seven oscillators through one filter. Made when somebody has asked for sound: browsers allow it only then. */
export class Instrument {
  readonly #context = new AudioContext();
  readonly #filter = this.#context.createBiquadFilter();
  readonly #volume = this.#context.createGain();
  readonly #pipes = new Map<Voice, Pipe>();

  constructor() {
    this.#filter.type = "lowpass";
    this.#filter.Q.value = 0.5;
    this.#volume.gain.value = 0;
    this.#filter.connect(this.#volume).connect(this.#context.destination);
  }

  /** Goes over to these parts. */
  play(parts: readonly Part[], brightnessHertz: number): void {
    const { currentTime } = this.#context;
    this.#filter.frequency.setTargetAtTime(brightnessHertz, currentTime, CHANGE_SECONDS);
    for (const part of parts) {
      const { oscillator, gain, panner } = this.#pipes.get(part.voice) ?? this.#addPipe(part.voice);
      oscillator.type = part.waveform;
      oscillator.frequency.value = part.hertz;
      oscillator.detune.setTargetAtTime(part.detuneCents, currentTime, CHANGE_SECONDS);
      panner.pan.value = part.pan;
      gain.gain.setTargetAtTime(part.gain, currentTime, CHANGE_SECONDS);
    }
  }

  /** From 0 to 1; silence comes faster than sound. */
  setVolume(volume: number): void {
    const seconds = volume === 0 ? HUSH_SECONDS : CHANGE_SECONDS;
    this.#volume.gain.setTargetAtTime(volume ** 2, this.#context.currentTime, seconds);
  }

  stop(): void {
    this.setVolume(0);
    for (const { oscillator } of this.#pipes.values()) oscillator.stop(this.#context.currentTime + 6 * HUSH_SECONDS);
    const last = [...this.#pipes.values()].at(-1);
    if (last) last.oscillator.onended = () => void this.#context.close();
    else void this.#context.close();
  }

  #addPipe(voice: Voice): Pipe {
    const pipe = {
      oscillator: this.#context.createOscillator(),
      gain: this.#context.createGain(),
      panner: this.#context.createStereoPanner(),
    };
    pipe.gain.gain.value = 0;
    pipe.oscillator.connect(pipe.gain).connect(pipe.panner).connect(this.#filter);
    pipe.oscillator.start();
    this.#pipes.set(voice, pipe);
    return pipe;
  }
}
