/**
 * Which package an import of Python comes from, for packages that a person has vouched for by putting them here. Nothing else is ever
 * suggested or installed by its import's name: models invent names, and attackers register them.
 */
const OTHER_NAME: Readonly<Record<string, string>> = {
  _pytest: 'pytest', airflow: 'apache-airflow', allauth: 'django-allauth', antlr4: 'antlr4-python3-runtime', apscheduler: 'APScheduler',
  argon2: 'argon2-cffi', async_lru: 'async-lru', async_timeout: 'async-timeout', attr: 'attrs', authlib: 'Authlib',
  'azure.core': 'azure-core', 'azure.cosmos': 'azure-cosmos', 'azure.identity': 'azure-identity',
  'azure.keyvault.secrets': 'azure-keyvault-secrets', 'azure.storage.blob': 'azure-storage-blob', babel: 'Babel',
  barcode: 'python-barcode', Bio: 'biopython', board: 'adafruit-blinka', box: 'python-box', brotli: 'Brotli', bs4: 'beautifulsoup4',
  bson: 'pymongo', cairo: 'pycairo', cairosvg: 'CairoSVG', can: 'python-can', cartopy: 'Cartopy', cassandra: 'cassandra-driver',
  cattr: 'cattrs', cerberus: 'Cerberus', charset_normalizer: 'charset-normalizer', clickhouse_connect: 'clickhouse-connect',
  clickhouse_driver: 'clickhouse-driver', confluent_kafka: 'confluent-kafka', corsheaders: 'django-cors-headers', cpuinfo: 'py-cpuinfo',
  crispy_forms: 'django-crispy-forms', Crypto: 'pycryptodome', Cryptodome: 'pycryptodomex', cv2: 'opencv-python', daemon: 'python-daemon',
  dateutil: 'python-dateutil', dbt: 'dbt-core', debug_toolbar: 'django-debug-toolbar', decouple: 'python-decouple',
  deep_translator: 'deep-translator', delegator: 'delegator.py', discord: 'discord.py', django: 'Django', django_filters: 'django-filter',
  dns: 'dnspython', docx: 'python-docx', dotenv: 'python-dotenv', email_validator: 'email-validator', engineio: 'python-engineio',
  environ: 'django-environ', factory: 'factory_boy', faiss: 'faiss-cpu', fake_useragent: 'fake-useragent', faker: 'Faker', fitz: 'PyMuPDF',
  flask: 'Flask', flask_caching: 'Flask-Caching', flask_cors: 'Flask-Cors', flask_jwt_extended: 'Flask-JWT-Extended',
  flask_limiter: 'Flask-Limiter', flask_login: 'Flask-Login', flask_mail: 'Flask-Mail', flask_migrate: 'Flask-Migrate',
  flask_restful: 'Flask-RESTful', flask_socketio: 'Flask-SocketIO', flask_sqlalchemy: 'Flask-SQLAlchemy', flask_wtf: 'Flask-WTF',
  fpdf: 'fpdf2', gi: 'PyGObject', git: 'GitPython', github: 'PyGithub', gitlab: 'python-gitlab', 'google.auth': 'google-auth',
  'google.cloud.bigquery': 'google-cloud-bigquery', 'google.cloud.firestore': 'google-cloud-firestore',
  'google.cloud.logging': 'google-cloud-logging', 'google.cloud.pubsub': 'google-cloud-pubsub',
  'google.cloud.secretmanager': 'google-cloud-secret-manager', 'google.cloud.storage': 'google-cloud-storage',
  'google.cloud.vision': 'google-cloud-vision', 'google.genai': 'google-genai', 'google.generativeai': 'google-generativeai',
  'google.oauth2': 'google-auth', 'google.protobuf': 'protobuf', google_auth_oauthlib: 'google-auth-oauthlib',
  googleapiclient: 'google-api-python-client', graphql: 'graphql-core', great_expectations: 'great-expectations', gridfs: 'pymongo',
  grpc: 'grpcio', grpc_status: 'grpcio-status', grpc_tools: 'grpcio-tools', gtts: 'gTTS', guppy: 'guppy3',
  huggingface_hub: 'huggingface-hub', hydra: 'hydra-core', imageio_ffmpeg: 'imageio-ffmpeg', imblearn: 'imbalanced-learn',
  import_export: 'django-import-export', influxdb_client: 'influxdb-client', IPython: 'ipython', jenkins: 'python-jenkins',
  jinja2: 'Jinja2', jose: 'python-jose', jsonpath_ng: 'jsonpath-ng', jupyter_client: 'jupyter-client', jwt: 'PyJWT', kafka: 'kafka-python',
  kivy: 'Kivy', langchain_community: 'langchain-community', langchain_core: 'langchain-core', langchain_openai: 'langchain-openai',
  ldap: 'python-ldap', llama_index: 'llama-index', magic: 'python-magic', markdown: 'Markdown', markupsafe: 'MarkupSafe',
  memcache: 'python-memcached', memory_profiler: 'memory-profiler', more_itertools: 'more-itertools', mpl_toolkits: 'matplotlib',
  multipart: 'python-multipart', mypy_extensions: 'mypy-extensions', mysql: 'mysql-connector-python', MySQLdb: 'mysqlclient',
  nacl: 'PyNaCl', nats: 'nats-py', newspaper: 'newspaper3k', nmap: 'python-nmap', openbabel: 'openbabel-wheel', OpenSSL: 'pyOpenSSL',
  opentelemetry: 'opentelemetry-api', 'opentelemetry.sdk': 'opentelemetry-sdk', paho: 'paho-mqtt', pandas_datareader: 'pandas-datareader',
  pdfminer: 'pdfminer.six', PIL: 'Pillow', pkg_resources: 'setuptools', pptx: 'python-pptx', prometheus_client: 'prometheus-client',
  prompt_toolkit: 'prompt-toolkit', psycopg2: 'psycopg2-binary', pulp: 'PuLP', pyaudio: 'PyAudio', pyautogui: 'PyAutoGUI',
  pydantic_core: 'pydantic-core', pydantic_settings: 'pydantic-settings', pygments: 'Pygments', pylab: 'matplotlib', pymupdf: 'PyMuPDF',
  pymysql: 'PyMySQL', pynvml: 'nvidia-ml-py', pyomo: 'Pyomo', pyrogram: 'Pyrogram', pytest_asyncio: 'pytest-asyncio',
  pytest_cov: 'pytest-cov', pytest_mock: 'pytest-mock', pythoncom: 'pywin32', pytorch_lightning: 'pytorch-lightning', pywt: 'PyWavelets',
  qdrant_client: 'qdrant-client', quart: 'Quart', readability: 'readability-lxml', requests_cache: 'requests-cache',
  requests_oauthlib: 'requests-oauthlib', requests_toolbelt: 'requests-toolbelt', rest_framework: 'djangorestframework',
  rest_framework_simplejwt: 'djangorestframework-simplejwt', RPi: 'RPi.GPIO', scrapy: 'Scrapy',
  segmentation_models_pytorch: 'segmentation-models-pytorch', sentence_transformers: 'sentence-transformers', sentry_sdk: 'sentry-sdk',
  serial: 'pyserial', skimage: 'scikit-image', sklearn: 'scikit-learn', slack_bolt: 'slack-bolt', slugify: 'python-slugify',
  snappy: 'python-snappy', 'snowflake.connector': 'snowflake-connector-python', socketio: 'python-socketio',
  speech_recognition: 'SpeechRecognition', speedtest: 'speedtest-cli', sphinx: 'Sphinx', sqlalchemy: 'SQLAlchemy',
  stable_baselines3: 'stable-baselines3', storages: 'django-storages', strawberry: 'strawberry-graphql', telegram: 'python-telegram-bot',
  telethon: 'Telethon', time_machine: 'time-machine', tomli_w: 'tomli-w', tortoise: 'tortoise-orm', twisted: 'Twisted', umap: 'umap-learn',
  unidecode: 'Unidecode', usb: 'pyusb', user_agents: 'user-agents', vcr: 'vcrpy', vk_api: 'vk-api', weaviate: 'weaviate-client',
  websocket: 'websocket-client', werkzeug: 'Werkzeug', whisper: 'openai-whisper', whois: 'python-whois', win32api: 'pywin32',
  win32con: 'pywin32', wx: 'wxPython', xlsxwriter: 'XlsxWriter', yaml: 'PyYAML', yt_dlp: 'yt-dlp', zmq: 'pyzmq',
};

/** Packages whose import has their own name. */
const SAME_NAME = `
  accelerate addict aioboto3 aiobotocore aiocache aiofiles aiogram aiohttp aiokafka aiomysql aioredis aiosignal aiosmtplib aiosqlite
  albumentations alembic altair amqp ansible anthropic anyio appdirs arcade arq arrow art arviz ase astroid astropy asyncpg asyncua attrs
  backoff bandit bcrypt behave billiard bitarray bitstring black blake3 bleak bokeh boto boto3 botocore bottle cachetools catboost cattrs
  ccxt celery certifi cffi channels chardet chess chromadb cirq click cloudpickle cloudscraper colorama coloredlogs configobj coverage
  croniter cryptography cssselect customtkinter cvxpy cx_Oracle Cython cytoolz dacite dagster dash dask databases datadog dataset datasets
  deap decorator deepdiff diagrams dictdiffer diffusers diskcache distro docker docopt docutils docxtpl dramatiq drawsvg duckdb dynaconf
  easyocr einops elasticsearch emcee emoji environs ephem evaluate evdev eventlet ezdxf fabric factory_boy falcon fastapi feedparser
  filelock findspark fiona fire flake8 flax flower folium freezegun frozenlist fsspec furl future fuzzywuzzy gcsfs gensim geoip2 geopandas
  geopy gevent glom googlemaps GPUtil gql gradio graphene graphviz greenlet gunicorn gurobipy gym gymnasium h11 h2 h5py holidays holoviews
  html5lib httpcore httpx huey humanize hvac hypercorn hyperopt hypothesis icalendar ics idna igraph imageio inflect instaloader invoke
  ipykernel ipywidgets isort itsdangerous jax jaxlib jedi jira jmespath joblib jsonschema keras keyboard keyring kombu kornia kubernetes
  langchain langdetect langgraph lark ldap3 Levenshtein libcst librosa lightgbm lightning line_profiler litestar locust loguru lorem luigi
  lxml lz4 markdown2 markdownify marshmallow matplotlib maxminddb mcp MDAnalysis mechanize mediapipe mido mimesis mistune mlflow mmh3 mne
  mock moto motor mouse moviepy mpmath msal msgpack multidict munch music21 mutagen mypy names napalm nbconvert nbformat neo4j netCDF4
  netmiko networkx newrelic nibabel nltk noise nose2 notebook nox numba numpy oauthlib objgraph omegaconf onnx onnxruntime open3d openai
  openpyxl optax optuna oracledb orjson ormar ortools osmnx packaging pandas pandera panel parameterized paramiko parsel parso passlib
  pathspec patsy pdfplumber peewee peft pendulum pennylane pexpect phonenumbers pika pinecone ping3 platformdirs playwright plotly pluggy
  plumbum ply plyer polars pony portalocker praw prefect pretty_midi prettytable prophet psutil psycopg ptyprocess py7zr pyarrow pyasn1
  pybind11 pycountry pycparser pydantic pydicom pydot pydub pyfiglet pygame pyglet pygraphviz pyinstrument pykeepass pylint pymc pymodbus
  pymongo pynput pyodbc pyotp pyparsing pypdf PyPDF2 pyperclip pyppeteer pyproj PyQt5 PyQt6 pyramid PySide2 PySide6 pysnmp pyspark
  pytesseract pytest pyttsx3 pytube pytz pyudev pyvista pyzbar qiskit qrcode questionary rapidfuzz rarfile rasterio ray rdkit redis regex
  reportlab requests responses respx retry retrying rich rq ruamel.yaml ruff s3fs safetensors sanic scapy schedule scipy scp seaborn
  selenium semver sendgrid sentencepiece setproctitle setuptools sh shap shapely SimpleITK simplejson simpy six skyfield slack_sdk smbus
  snakeviz sniffio sortedcontainers sounddevice soundfile soupsieve spacy spotipy sqlglot sqlmodel sqlparse starlette statsd statsmodels
  streamlit stripe structlog supervision svgwrite sympy ta tables tabulate tenacity tensorboard tensorflow termcolor testcontainers
  textblob textual thefuzz tiktoken timm tinydb tldextract tokenizers toml tomli tomlkit toolz torch torchaudio torchvision tornado tox
  tqdm trafilatura transformers trimesh trio TTS tweepy twilio typer typing_extensions tzlocal ujson ultralytics urllib3 uvicorn uvloop
  validators vine viztracer vobject voluptuous vosk vtk w3lib wandb watchdog weasyprint web3 webauthn websockets wikipedia wordcloud wrapt
  xarray xgboost xlrd xlwt xmltodict xxhash yarl yfinance zarr ZODB zope.interface zstandard zxcvbn
`.trim().split(/\s+/);

export const PYTHON_PACKAGES: ReadonlyMap<string, string> = new Map([...SAME_NAME.map((name) => [name, name] as const), ...Object.entries(OTHER_NAME)]);

/** The package to add for `import a.b.c`: that of the longest known name in front. */
export function pythonPackageOf(name: string): string | undefined {
  for (let known = name; ; known = known.slice(0, known.lastIndexOf('.'))) {
    const found = PYTHON_PACKAGES.get(known);
    if (found !== undefined || !known.includes('.')) return found;
  }
}
