"""What zstext reaches, measured. Run from the root of the repository:

python -m benchmarks.accuracy --data ../shared/data          every evaluation set, beside the plain
                                                             sentence-transformers recipe
python -m benchmarks.throughput --data ../shared/data        documents a second, padding, start-up
python -m benchmarks.durability --data ../shared/data        kill -9 at random moments; peak memory
python -m benchmarks.invariance --data ../shared/data        batch size, order, neighbours, labels
python -m benchmarks.gzsl --data ../shared/data              seen and unseen classes together, every
                                                             mapping, calibrated or not
python -m benchmarks.adaptation --data ../shared/data        adapted to unlabelled documents, beside
                                                             strict zero-shot and published peers;
                                                             --model all-MiniLM-L6-v2: that one
python -m benchmarks.choose_adaptation --data ../shared/data the figures behind its constants, on
                                                             data/train
python -m benchmarks.images --data ../shared/data            photos: Caltech-101, CIFAR-10, AwA2;
                                                             --part unlabelled: its second section
python -m benchmarks.prior_shift --data ../shared/data       right and wrong priors on skewed data
python -m benchmarks.entailment --data ../shared/data        encoder, nli, cascade and auto;
                                                             --model all-MiniLM-L6-v2: that one
python -m benchmarks.nli_throughput --data ../shared/data    entailment beside the Hugging Face
                                                             pipeline
python -m benchmarks.choose_fusion --data ../shared/data     what entailment counts, on data/train;
                                                             --model all-MiniLM-L6-v2: beside that
python -m benchmarks.shortlist --data ../shared/data         how long a shortlist must be
python -m benchmarks.choose_constants --data ../shared/data  the figures behind zstext.defaults, on
                                                             data/train; writes no section
python -m benchmarks.choose_own_scale --data ../shared/data  the scale of zstext-encoder, on
                                                             data/train
python -m benchmarks.choose_fall --data ../shared/data       how the temperature falls with the
                                                             number of labels, on data/train and
                                                             data/labels (`groups_of_labels`)

Each writes its section of RESULTS.md (`results`). With --limit and the like a run is a trial: it
prints its section and leaves RESULTS.md alone. `data` names the sets; nothing is ever tuned on
them. The machines are noisy: compare ratios, which are taken interleaved in one run, not seconds.
"""
